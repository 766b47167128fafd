// az deployment group create … --parameters infra/main.bicepparam
using './main.bicep'

param name = 'tutor'
param registryName = readEnvironmentVariable('REGISTRY')
param image = readEnvironmentVariable('IMAGE', 'tutor:latest')
param displayName = 'Fine-Tuning Tutor'

// With an app registration and its secret instead of the managed identity:
// param appType = 'SingleTenant'
// param appId = '…'
// param appPassword = readEnvironmentVariable('APP_PASSWORD')

// Pages elsewhere that show the tutor:
// param allowedOrigins = 'https://events.example'

// People of your tenant who may see figures (docs/deploy.md):
// param insightsAppId = '…'

// More settings of docs/settings.md:
// param settings = {
//   LOG_FORMAT: 'json'
// }
