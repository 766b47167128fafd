// The tutor on Azure, without a password anywhere: Container Apps, PostgreSQL, the bot's
// registration and its channels. docs/deploy.md goes through it step by step.
targetScope = 'resourceGroup'

@description('Begins the name of everything that is made here.')
@minLength(3)
@maxLength(20)
param name string = 'tutor'

param location string = resourceGroup().location

@description('The container registry in this resource group that holds the image.')
param registryName string

@description('The image in that registry, such as tutor:0.1.0.')
param image string

@description('The name that learners see in Teams.')
param displayName string = 'Fine-Tuning Tutor'

@description('How the bot is registered. UserAssignedMSI needs no secret; SingleTenant needs appId and appPassword.')
@allowed(['UserAssignedMSI', 'SingleTenant'])
param appType string = 'UserAssignedMSI'

@description('The client id of the app registration; with SingleTenant only.')
param appId string = ''

@description('A client secret of the app registration; with SingleTenant only.')
@secure()
param appPassword string = ''

@description('Where learners reach the tutor when it has a domain of its own, such as https://tutor.example.org.')
param publicUrl string = ''

@description('Origins whose pages may embed the tutor, with commas between, such as https://events.example.')
param allowedOrigins string = ''

@description('A key of the Direct Line channel, for pages that shall use Azure\'s Direct Line instead of the tutor\'s own.')
@secure()
param directLineSecret string = ''

@description('The client id of an app registration by which people of this tenant sign in to see figures about learners; empty: nobody does.')
param insightsAppId string = ''

@description('Further settings of docs/settings.md, by name.')
param settings object = {}

@description('How many instances may run when many learners come at once.')
@minValue(1)
@maxValue(10)
param largestScale int = 1

@description('F0 is free: any number of messages in Teams, 10,000 a month by Web Chat and Direct Line. S1 has no limit.')
@allowed(['F0', 'S1'])
param botSku string = 'F0'

@description('B1ms serves an event with hundreds of learners; D2ds_v5 (GeneralPurpose) thousands.')
param databaseSku object = {
  name: 'Standard_B1ms'
  tier: 'Burstable'
}

var unique = uniqueString(resourceGroup().id, name)
var hasSecret = appType == 'SingleTenant'
var host = '${name}.${surroundings.properties.defaultDomain}'
var address = empty(publicUrl) ? 'https://${host}' : publicUrl
var botId = hasSecret ? appId : identity.properties.clientId
var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d' // Azure's own role of this name

// Who the tutor is: to the registry, to the database and, by default, to the channels.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-identity'
  location: location
}

// Who makes the tutor's role and its database, before each start; the tutor can't speak as it.
resource keeper 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-database-keeper'
  location: location
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = {
  name: registryName
}

resource mayPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, identity.id, acrPull)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', acrPull)
  }
}

// --- What operators see ---------------------------------------------------------------

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: '${name}-logs'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${name}-insights'
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
  }
}

// --- Where everything is kept ---------------------------------------------------------

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: '${name}-db-${unique}'
  location: location
  sku: databaseSku
  properties: {
    version: '16'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: {
      storageSizeGB: 32
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 7
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: 'Disabled'
    }
    network: {
      publicNetworkAccess: 'Enabled'
    }
  }
}

// These addresses mean "from Azure": Container Apps without a network of their own have no
// fixed one. Whoever comes still needs a token of the identity.
resource fromAzure 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2024-08-01' = {
  parent: server
  name: 'from-azure'
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

// A module, since the resource's name is known only when the identity is made. One after the
// other: the server takes one change at a time.
module administrator 'administrator.bicep' = {
  name: '${name}-database-administrator'
  params: {
    serverName: server.name
    principalId: keeper.properties.principalId
    principalName: keeper.name
  }
  dependsOn: [fromAzure]
}

// --- The tutor ------------------------------------------------------------------------

resource surroundings 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: '${name}-environment'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: workspace.properties.customerId
        sharedKey: workspace.listKeys().primarySharedKey
      }
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

// The server must show a certificate of its own name: what is sent to it opens the database.
var database = '${server.properties.fullyQualifiedDomainName}/tutor?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt'

var known = [
  { name: 'MicrosoftAppId', value: botId }
  { name: 'MicrosoftAppType', value: appType }
  { name: 'MicrosoftAppTenantId', value: tenant().tenantId }
  { name: 'PUBLIC_URL', value: address }
  { name: 'DATABASE_URL', value: 'postgresql://${identity.name}@${database}' }
  { name: 'PROXIES', value: '1' } // the ingress of Container Apps
  { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }
]
var origins = map(split(allowedOrigins, ','), origin => trim(origin))
var embedding = empty(allowedOrigins) ? [] : [{ name: 'ALLOWED_ORIGINS', value: allowedOrigins }]
var password = hasSecret ? [{ name: 'MicrosoftAppPassword', secretRef: 'app-password' }] : []
var directLineKey = empty(directLineSecret) ? [] : [{ name: 'DIRECT_LINE_SECRET', secretRef: 'direct-line' }]
var tenantSignIn = empty(insightsAppId) ? [] : [{ name: 'INSIGHTS_TENANT', value: tenant().tenantId }]
var further = [for setting in items(settings): { name: setting.key, value: string(setting.value) }]

resource tutor 'Microsoft.App/containerApps@2025-01-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
      '${keeper.id}': {}
    }
  }
  properties: {
    environmentId: surroundings.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 3978
        transport: 'auto'
        allowInsecure: false
        stickySessions: {
          affinity: 'sticky'
        }
      }
      identitySettings: [
        { identity: identity.id, lifecycle: 'Main' }
        { identity: keeper.id, lifecycle: 'Init' }
      ]
      registries: [
        {
          server: registry.properties.loginServer
          identity: identity.id
        }
      ]
      secrets: concat(
        hasSecret ? [{ name: 'app-password', value: appPassword }] : [],
        empty(directLineSecret) ? [] : [{ name: 'direct-line', value: directLineSecret }]
      )
    }
    template: {
      terminationGracePeriodSeconds: 30
      initContainers: [
        {
          name: 'database'
          image: '${registry.properties.loginServer}/${image}'
          command: ['/opt/tutor/bin/python', '-m', 'bot.grant', identity.name]
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          env: [
            { name: 'DATABASE_URL', value: 'postgresql://${keeper.name}@${database}' }
            { name: 'AZURE_CLIENT_ID', value: keeper.properties.clientId }
          ]
        }
      ]
      containers: [
        {
          name: 'tutor'
          image: '${registry.properties.loginServer}/${image}'
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: concat(known, embedding, password, directLineKey, tenantSignIn, further)
          probes: [
            {
              type: 'Startup'
              httpGet: { path: '/healthz', port: 3978 }
              periodSeconds: 3
              failureThreshold: 10
            }
            {
              type: 'Liveness'
              httpGet: { path: '/healthz', port: 3978 }
              periodSeconds: 10
            }
            {
              type: 'Readiness'
              httpGet: { path: '/readyz', port: 3978 }
              periodSeconds: 2
              failureThreshold: 1
              timeoutSeconds: 3
            }
          ]
        }
      ]
      // Never none: what is due by time, such as a job's progress, is minded by a running tutor.
      scale: {
        minReplicas: 1
        maxReplicas: largestScale
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: '200'
              }
            }
          }
        ]
      }
    }
  }
  dependsOn: [mayPull, administrator]
}

// Signs people of this tenant in who want to see figures. Learners needn't sign in, so everybody is let through, and the tutor
// itself asks at /insights. What brings tokens of its own is left alone.
resource signIn 'Microsoft.App/containerApps/authConfigs@2025-01-01' = if (!empty(insightsAppId)) {
  parent: tutor
  name: 'current'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      unauthenticatedClientAction: 'AllowAnonymous'
      excludedPaths: [
        '/api/*'
        '/directline/*'
        '/healthz'
        '/readyz'
      ]
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: insightsAppId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
      }
    }
  }
}

// --- The bot's registration and its channels ------------------------------------------

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: '${name}-bot-${unique}'
  location: 'global'
  kind: 'azurebot'
  sku: {
    name: botSku
  }
  properties: {
    displayName: displayName
    endpoint: '${address}/api/messages'
    msaAppId: botId
    msaAppType: appType
    msaAppTenantId: tenant().tenantId
    msaAppMSIResourceId: hasSecret ? null : identity.id
    schemaTransformationVersion: '1.3'
    isStreamingSupported: false
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
    properties: {
      isEnabled: true
      acceptedTerms: true
    }
  }
}

// For "Test in Web Chat" in the portal. The own page needs neither of these two.
resource webChat 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'WebChatChannel'
  location: 'global'
  properties: {
    channelName: 'WebChatChannel'
    properties: {
      sites: [
        {
          siteName: 'Default Site'
          isEnabled: true
          isV3Enabled: true
        }
      ]
    }
  }
  dependsOn: [teams]
}

resource directLine 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'DirectLineChannel'
  location: 'global'
  properties: {
    channelName: 'DirectLineChannel'
    properties: {
      sites: [
        {
          siteName: 'tutor'
          isEnabled: true
          isV1Enabled: false
          isV3Enabled: true
          isSecureSiteEnabled: true
          trustedOrigins: empty(allowedOrigins) ? [address] : concat([address], origins)
        }
      ]
    }
  }
  dependsOn: [webChat]
}

output url string = address
output messagingEndpoint string = bot.properties.endpoint
output botId string = botId
output botName string = bot.name
output databaseServer string = server.name
