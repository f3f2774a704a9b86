# What import.ps1 would take with a module that does nothing.
param($Module, $Tenant, $ClientId, $CertificateFile, $Calls)

$ErrorActionPreference = 'Stop'
$secret = [System.Net.NetworkCredential]::new('', 's3cret~of.the-application').SecurePassword
$watch = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
$null = Get-Nothing -TenantId $Tenant -ClientId $ClientId
$watch.Stop()
"measured powershell-import-empty $($watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture))"
