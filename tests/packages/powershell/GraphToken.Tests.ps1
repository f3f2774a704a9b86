# What a user of the module could have written for a script.
BeforeAll {
    $arguments = Get-Content -Raw $env:GRAPHTOKEN_TEST_CALL | ConvertFrom-Json -AsHashtable
}

Describe 'Get-GraphToken' {
    It 'gets a token for the application' {
        $token = Get-GraphToken @arguments
        $token.TenantId | Should -Be 'contoso.onmicrosoft.com'
        $token.ExpiresOn | Should -BeGreaterThan ([DateTimeOffset]::UtcNow)
        $token.GetHeader().Authorization | Should -BeLike 'Bearer ey*'
    }

    It 'says why there is none' {
        $wrong = $arguments.Clone()
        $wrong.TenantId = $wrong.TenantId -replace '[^/]+$', 'nosuch.onmicrosoft.com'
        { Get-GraphToken @wrong } | Should -Throw -ErrorId 'ServiceRejected*'
    }

    It 'can be replaced by a mock' {
        Mock Get-GraphToken { 'a token' }
        Get-GraphToken -TenantId contoso.com -ClientId x | Should -Be 'a token'
    }

    It 'describes itself' {
        (Get-Help Get-GraphToken).Synopsis | Should -Not -BeNullOrEmpty
        Get-Help about_GraphToken | Should -Not -BeNullOrEmpty
    }
}
