# The script that gets a token for a user by certificate and password. The last line is the script; what is before it
# only sets the variables that administrators set by hand.
param($Module, $TenantName, $AppId, $CertificateFile, $UserName, $PasswordFile, $Scope)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$Certificate = [System.Security.Cryptography.X509Certificates.X509Certificate2]::CreateFromPemFile($CertificateFile)
$Password = [System.Net.NetworkCredential]::new('', [System.IO.File]::ReadAllText($PasswordFile)).SecurePassword
$cred = [pscredential]::new($UserName, $Password)

Get-GraphToken -TenantId $TenantName -ClientId $AppId -Certificate $Certificate -Credential $cred `
    -Scopes $Scope -AsPlainText
