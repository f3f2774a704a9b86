# Installs the module as its users do, from a folder in place of the Gallery, and gets a token with each installation.
param([Parameter(Mandatory)] $Package, [Parameter(Mandatory)] $Folder, [Parameter(Mandatory)] $Call)

$ErrorActionPreference = 'Stop'
$version = [version]((Split-Path -Leaf $Package) -replace '^GraphToken\.|\.nupkg$')

# A new process for each: a module's assembly stays loaded.
function Test-Installation([version] $Expected) {
    $script = {
        param($Expected, $Call)
        $ErrorActionPreference = 'Stop'
        $arguments = Get-Content -Raw $Call | ConvertFrom-Json -AsHashtable
        $token = Get-GraphToken @arguments -AsPlainText
        if ($token.Split('.').Count -ne 3) { throw 'this is no token' }
        $module = Get-Module GraphToken
        if ($module.Version -ne $Expected) { throw "version $($module.Version) was loaded instead of $Expected" }
        "token by version $($module.Version) of $($module.ModuleBase)"
    }
    & (Join-Path $PSHOME 'pwsh') -NoProfile -NonInteractive -Command $script -args $Expected, $Call
    if ($LASTEXITCODE -ne 0) { throw "no token: exit code $LASTEXITCODE" }
}

function Assert-Gone($What) {
    if (Get-Module GraphToken -ListAvailable) { throw "$What left the module behind" }
}

# An older version, to update from.
$repository = New-Item -ItemType Directory (Join-Path $Folder 'repository')
$older = Join-Path $Folder 'older/GraphToken'
Expand-Archive $Package (Join-Path $Folder 'older/unpacked')
New-Item -ItemType Directory $older | Out-Null
Copy-Item -Recurse (Join-Path $Folder 'older/unpacked/*') $older -Exclude '_rels', 'package', '*.nuspec', '[[]Content_Types[]].xml'
$manifest = Join-Path $older 'GraphToken.psd1'
(Get-Content -Raw $manifest) -replace "ModuleVersion( +)= '[^']+'", "ModuleVersion`$1= '0.0.1'" | Set-Content $manifest

Register-PSResourceRepository -Name Folder -Uri $repository.FullName -Trusted -Force
Publish-PSResource -Path $older -Repository Folder
Install-PSResource GraphToken -Repository Folder -Quiet
Test-Installation '0.0.1'

Publish-PSResource -NupkgPath $Package -Repository Folder
Update-PSResource GraphToken -Repository Folder -Quiet
Test-Installation $version
Uninstall-PSResource GraphToken -Version '*'
Assert-Gone 'Uninstall-PSResource'

Install-PSResource GraphToken -Repository Folder -Quiet
Test-Installation $version
Invoke-Pester -Path (Join-Path $PSScriptRoot 'GraphToken.Tests.ps1') -CI -Output Detailed
# The tests have loaded it.
Remove-Module GraphToken -ErrorAction Ignore
Uninstall-PSResource GraphToken -Version '*'

Register-PSRepository -Name Older -SourceLocation $repository.FullName -InstallationPolicy Trusted
Install-Module GraphToken -Repository Older -RequiredVersion 0.0.1 -Scope CurrentUser
Update-Module GraphToken
Test-Installation $version
Uninstall-Module GraphToken -AllVersions
Assert-Gone 'Uninstall-Module'
