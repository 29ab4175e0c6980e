/** Rises with every change that could alter a result. Printed with each run. */
export const ENGINE_VERSION = '1.0.0'
