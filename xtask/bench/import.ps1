# From nothing to the first token, in a session that is there already.
param($Module, $Tenant, $ClientId, $CertificateFile, $Calls)

$ErrorActionPreference = 'Stop'
$secret = [System.Net.NetworkCredential]::new('', 's3cret~of.the-application').SecurePassword
$watch = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
$null = Get-GraphToken -TenantId $Tenant -ClientId $ClientId -ClientSecret $secret
$watch.Stop()
"measured powershell-import $($watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture))"
