export const models = {
  models: {
    title: 'Modelos',
    empty: 'Todavía no hay modelos',
    emptyText: 'Aquí aparecen las estrategias con señales externas cuando declaran una referencia.',
    kl: 'Deriva de acciones (KL)',
    klHow:
      'Divergencia de Kullback-Leibler de las últimas 100 acciones frente a la referencia del entrenamiento, en 20 intervalos. Aviso por encima de 0,3, crítico por encima de 0,5, ambos solo si no puede ser azar.',
    stuck: 'Atascado',
    stuckYes: 'Repite una acción',
    stuckNo: 'Varía sus acciones',
    stuckHow:
      'Se cumple cuando al menos el 90 % de las últimas 100 acciones son iguales, según la referencia.',
    sharpe: 'Sharpe móvil',
    sharpeHow:
      'Media entre desviación de las últimas 50 operaciones cerradas, por operación, sin anualizar. Necesita 5 operaciones.',
    inference: 'Última inferencia',
    pValue: 'Probabilidad de azar (p)',
    baseline: 'Referencia del entrenamiento',
    baselineSet: 'Declarada',
    actionCount_one: '{{count}} acción',
    actionCount_other: '{{count}} acciones',
    drift: 'Deriva en el tiempo',
    driftHint:
      'Cada punto: las 100 acciones hasta él frente a la referencia. En observación desde {{warning}}, crítica desde {{critical}}.',
    driftSummary: 'Deriva de {{first}} a {{last}} en {{count}} momentos.',
    noDrift: 'Pocas acciones, o ninguna referencia de 500 acciones: aún no hay qué comparar.',
    actions: 'Acciones frente a la referencia',
    actionsHint_one: 'Proporción de la última acción en cada intervalo; -1 es todo corto, 1 todo largo.',
    actionsHint_other:
      'Proporción de las últimas {{count}} acciones en cada intervalo; -1 es todo corto, 1 todo largo.',
    action: 'Acción',
    current: 'Ahora',
    reference: 'Referencia',
    signals: 'Señales recientes',
    alerts: 'Sus alertas',
    details: {
      healthy: 'Sus acciones se parecen a las de su entrenamiento.',
      warning: 'Sus acciones se han alejado de su entrenamiento. Conviene vigilarlo.',
      critical: 'Sus acciones difieren claramente de su entrenamiento. Las entradas se rechazan.',
    },
    note: {
      'insufficient data': 'Todavía no hay acciones suficientes para juzgarlo.',
      'no inference yet': 'Todavía no ha hablado.',
    },
    counts: '{{healthy}} sanos, {{warning}} con aviso, {{critical}} críticos',
  },
}
