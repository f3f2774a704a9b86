# Runs the PowerShell examples of the documents as they are written there, in whatever host runs this script. They are
# the files example-NN.ps1 of the folder. Only the service is another one, and what they call with a token is replaced
# by functions that look at it.
param($Module, $Count, $Authority, $AppId, $Folder, $UserName)

$ErrorActionPreference = 'Stop'
Import-Module $Module
Set-Location $Folder
$PSDefaultParameterValues = @{
    'Get-GraphToken:Authority'       = $Authority
    'Test-GraphTokenSetup:Authority' = $Authority
}

# The variables that a reader sets.
$password = [System.IO.File]::ReadAllText("$Folder/password.txt")
$cred = [pscredential]::new($UserName, [System.Net.NetworkCredential]::new('', $password).SecurePassword)
$pfxPassword = [System.Net.NetworkCredential]::new('', [System.IO.File]::ReadAllText("$Folder/app.password")).SecurePassword
$Certificate = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new(
    "$Folder/app.pfx", $pfxPassword, 'PersistKeySet')
$Thumbprint = $Certificate.Thumbprint
$TenantName = 'contoso.onmicrosoft.com'
$Scope = 'User.Read'

function Invoke-RestMethod { param($Uri, $Headers) $script:seen = $Headers.Authorization }
function Connect-MgGraph { param($AccessToken) $script:seen = $AccessToken.GetType().Name }

function Get-PropertyName($Text) { [regex]::Matches($Text, '(?m)^(\w+) *:').ForEach({ $_.Groups[1].Value }) -join ', ' }

$store = [System.Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
$store.Open('ReadWrite')
$store.Add($Certificate)
$proxy = $env:HTTPS_PROXY
try {
    $ran = 0
    foreach ($file in Get-ChildItem "$Folder/example-*.ps1" | Sort-Object Name) {
        $example = [System.IO.File]::ReadAllText($file.FullName)
        $script:seen = $null
        $tenant = $TenantName
        $token = if ($example -notmatch '\$token =') { Get-GraphToken -TenantId $tenant -ClientId $AppId -Certificate $Certificate }
        $output = . ([scriptblock]::Create($example))
        $env:HTTPS_PROXY = $proxy
        if ($example -match 'Test-GraphTokenSetup') {
            if (@($output).Count -ne 19) { throw "The diagnosis has $(@($output).Count) findings: $example" }
        }
        elseif ($example -match '-AsPlainText') {
            if ($token -notmatch '^[\w-]+\.[\w-]+\.[\w-]+$') { throw "No token as text: $example" }
        }
        elseif ($example -match 'Invoke-RestMethod|Connect-MgGraph') {
            if ($seen -notmatch '^Bearer |^SecureString$') { throw "No token was used: $example" }
        }
        elseif ($example -match 'ConvertFrom-GraphToken') {
            if (-not $output.aud) { throw "No claims: $example" }
        }
        elseif (-not $token.GetHeader().Authorization) { throw "No token: $example" }
        $sample = [System.IO.Path]::ChangeExtension($file.FullName, 'txt')
        if (Test-Path $sample) {
            $expected = Get-PropertyName ([System.IO.File]::ReadAllText($sample))
            $shown = Get-PropertyName ($token | Out-String)
            if ($shown -ne $expected) { throw "The document shows $expected, and the token shows ${shown}: $example" }
        }
        $ran++
    }
}
finally {
    $store.Remove($Certificate)
    $store.Close()
}
if ($ran -ne $Count) { throw "$ran of $Count examples ran." }
"$ran examples ran in $($Host.Name), PowerShell $($PSVersionTable.PSVersion)"
