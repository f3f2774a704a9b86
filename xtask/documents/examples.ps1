# Runs the PowerShell examples of README.md as they are written there, in whatever host runs this script. Only the
# service is another one, and what README calls with a token is replaced by functions that look at it.
param($Module, $Readme, $Authority, $AppId, $Folder, $UserName)

$ErrorActionPreference = 'Stop'
Import-Module $Module
Set-Location $Folder
$PSDefaultParameterValues = @{
    'Get-GraphToken:Authority'       = $Authority
    'Test-GraphTokenSetup:Authority' = $Authority
}

# The variables that a reader of README sets.
$text = [System.IO.File]::ReadAllText("$Folder/password.txt")
$cred = [pscredential]::new($UserName, [System.Net.NetworkCredential]::new('', $text).SecurePassword)
$pfxPassword = [System.Net.NetworkCredential]::new('', [System.IO.File]::ReadAllText("$Folder/app.password")).SecurePassword
$Certificate = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new(
    "$Folder/app.pfx", $pfxPassword, 'PersistKeySet')
$Thumbprint = $Certificate.Thumbprint
$TenantName = 'contoso.onmicrosoft.com'
$Scope = 'User.Read'

function Invoke-RestMethod { param($Uri, $Headers) $script:seen = $Headers.Authorization }
function Connect-MgGraph { param($AccessToken) $script:seen = $AccessToken.GetType().Name }

$store = [System.Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
$store.Open('ReadWrite')
$store.Add($Certificate)
try {
    $ran = 0
    $blocks = [regex]::Matches([System.IO.File]::ReadAllText($Readme), '(?s)```powershell\r?\n(.*?)```')
    foreach ($block in $blocks) {
        $example = $block.Groups[1].Value
        # The installation: this script has imported the module that it is to run.
        if ($example -match 'Install-PSResource') { continue }
        $script:seen = $null
        $output = . ([scriptblock]::Create($example))
        if ($example -match 'Test-GraphTokenSetup') {
            if (@($output).Count -ne 14) { throw "The diagnosis has $(@($output).Count) findings: $example" }
        }
        elseif ($example -match '-AsPlainText') {
            if ($token -notmatch '^[\w-]+\.[\w-]+\.[\w-]+$') { throw "No token as text: $example" }
        }
        elseif ($example -match 'Invoke-RestMethod|Connect-MgGraph') {
            if ($seen -notmatch '^Bearer |^SecureString$') { throw "No token was used: $example" }
        }
        elseif (-not $token.GetHeader().Authorization) { throw "No token: $example" }
        $ran++
    }
}
finally {
    $store.Remove($Certificate)
    $store.Close()
}
if ($ran -lt 5) { throw "README has only $ran examples." }
"$ran examples ran in $($Host.Name), PowerShell $($PSVersionTable.PSVersion)"
