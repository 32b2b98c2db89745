import { providerSuite } from '../provider-suite.ts'
import { scriptedProvider } from './scripted-provider.ts'

// The stand-in is held to the same suite, so that what the life cycle's tests prove holds for real providers.
providerSuite('the scripted stand-in', () => {
  const provider = scriptedProvider()
  provider.behave((request) =>
    request.seconds > 12 ? 'refuse_user' : request.reference === 'att_suite_3' ? 'run' : 'deliver',
  )
  const request = (reference: string) => ({
    reference: reference.padEnd(120, '_'),
    upstreamModel: 'scripted',
    prompt: 'a quiet sea',
    seconds: 2,
    width: 480,
    height: 480,
    aspectRatio: '1:1' as const,
    seed: 7,
    audio: false,
    image: undefined,
  })
  return {
    provider,
    request,
    wrongRequest: (reference) => ({ ...request(reference), seconds: 60 }),
    restarted: () => provider,
  }
})
