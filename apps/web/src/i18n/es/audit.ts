export const audit = {
  audit: {
    title: 'Auditoría',
    text: 'Cada acción privilegiada o que mueve dinero, solo se añade, encadenada por huella.',
    empty: 'Aún no ha pasado nada.',
    actor: 'Quién',
    action: 'Acción',
    entity: 'Entidad',
    entityId: 'Id de la entidad',
    chain: 'Cadena',
    unsealed: 'aún sin sellar',
    hash: 'Huella',
    changes: 'Qué cambió',
    noChange: 'Ningún valor guardado cambió.',
    fieldName: 'Campo',
    before: 'Antes',
    after: 'Después',
  },
}
