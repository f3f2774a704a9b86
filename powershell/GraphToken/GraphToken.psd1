@{
    RootModule             = 'GraphToken.PowerShell.dll'
    ModuleVersion          = '0.1.0'
    GUID                   = '5dabbff5-1011-439c-a642-bc7b188f2540'
    Author                 = 'The GraphToken authors'
    CompanyName            = 'The GraphToken authors'
    Copyright              = '(c) The GraphToken authors. MIT License.'
    Description            = 'Gets Microsoft Entra ID access tokens for Microsoft Graph and other resources.'
    CompatiblePSEditions   = @('Desktop', 'Core')
    PowerShellVersion      = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    FormatsToProcess       = @('GraphToken.Format.ps1xml')
    CmdletsToExport        = @(
        'Get-GraphToken', 'New-GraphClientAssertion', 'ConvertFrom-GraphToken', 'Test-GraphTokenSetup',
        'Get-GraphTokenCache', 'Clear-GraphTokenCache'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    PrivateData            = @{
        PSData = @{
            Tags = @(
                'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS',
                'Entra', 'AzureAD', 'MicrosoftGraph', 'Graph', 'Token', 'OAuth', 'Certificate', 'Authentication'
            )
        }
    }
}
