import type { Hono } from 'hono'
import type { DeploymentCertificate } from './deployment-certificate.ts'

/** Where verifiers find the anchor of this deployment's Content Credentials. */
export const rootCertificatePath = '/.well-known/backlot-content-credentials.pem'

export function certificateRoutes(
  app: Pick<Hono, 'get'>,
  certificate: Pick<DeploymentCertificate, 'rootPem'>,
): void {
  app.get(rootCertificatePath, (context) =>
    context.body(certificate.rootPem, 200, {
      'content-type': 'application/x-pem-file',
      'content-disposition': 'inline; filename="backlot-content-credentials.pem"',
      'cache-control': 'public, max-age=3600',
      // Verifiers on other sites may read it; it is public by nature.
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    }),
  )
}
