import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { Button } from '../../components/ui/button.tsx'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'

interface RevokeApprovalProps {
  approvalId: string
  /** What taking it back means. */
  description: string
  done: string
}

/** Whoever asked, or any other admin, may think better of it until it is used. */
export function RevokeApproval({ approvalId, description, done }: RevokeApprovalProps) {
  const { t } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  const utils = trpc.useUtils()
  const revoke = trpc.deck.approvals.revoke.useMutation(
    useAction(done, () => {
      setAsking(false)
      void utils.deck.approvals.invalidate()
      void utils.deck.killSwitch.invalidate()
    }),
  )
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        {t('controls.revoke')}
      </Button>
      {isAsking && (
        <ReasonDialog
          title={t('controls.revokeTitle')}
          description={description}
          confirmLabel={t('controls.revoke')}
          danger
          pending={revoke.isPending}
          onConfirm={(reason) => revoke.mutate({ approval_id: approvalId, reason })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
