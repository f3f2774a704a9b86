# Calls that find their token in the cache.
param($Module, $Tenant, $ClientId, $CertificateFile, [int] $Calls)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$secret = [System.Net.NetworkCredential]::new('', 's3cret~of.the-application').SecurePassword
$certificate = [System.Security.Cryptography.X509Certificates.X509Certificate2]::CreateFromPemFile($CertificateFile)
$ways = @{
    secret = { param($times) for ($i = 0; $i -lt $times; $i++) {
        $null = Get-GraphToken -TenantId $Tenant -ClientId $ClientId -ClientSecret $secret } }
    certificate = { param($times) for ($i = 0; $i -lt $times; $i++) {
        $null = Get-GraphToken -TenantId $Tenant -ClientId $ClientId -Certificate $certificate } }
}
foreach ($name in $ways.Keys) {
    $null = & $ways[$name] $Calls
    $batches = foreach ($batch in 1..5) {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $null = & $ways[$name] $Calls
        $watch.Elapsed.TotalSeconds / $Calls
    }
    $median = [double[]] $batches
    [array]::Sort($median)
    "measured powershell-call-$name $($median[2].ToString([cultureinfo]::InvariantCulture))"
}
