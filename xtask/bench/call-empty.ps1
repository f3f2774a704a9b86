# Calls of a cmdlet that does nothing, with two of the arguments of call.ps1.
param($Module, $Tenant, $ClientId, $CertificateFile, [int] $Calls)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$way = { param($times) for ($i = 0; $i -lt $times; $i++) {
    $null = Get-Nothing -TenantId $Tenant -ClientId $ClientId } }
$null = & $way $Calls
$batches = foreach ($batch in 1..5) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $null = & $way $Calls
    $watch.Elapsed.TotalSeconds / $Calls
}
$median = [double[]] $batches
[array]::Sort($median)
"measured powershell-call-empty $($median[2].ToString([cultureinfo]::InvariantCulture))"
