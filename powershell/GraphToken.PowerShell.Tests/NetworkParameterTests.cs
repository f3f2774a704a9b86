using System.Management.Automation;

namespace GraphToken.PowerShell.Tests;

/// <summary>The parameters that say how the service is reached, and what wins over the environment.</summary>
public sealed class NetworkParameterTests(Stage stage) : EngineTest(stage)
{
    // Nothing listens there.
    private const string ClosedProxy = "http://127.0.0.1:1";

    [Theory]
    [InlineData("-MaximumRetryCount 0", 1)]
    [InlineData("-MaximumRetryCount 1", 2)]
    [InlineData("", 2)]
    public void A_failure_that_passes_is_repeated_as_often_as_allowed(string parameters, int requests)
    {
        Emulator emulator = Stage.Plain;
        emulator.Fault("status=503,times=1");
        Outcome outcome =
            Run($"Get-GraphToken @app -ClientSecret $secret -ForceRefresh {parameters}", Variables(emulator));
        Assert.Equal(requests == 1, outcome.Error != null);
        Assert.Equal(requests, emulator.Journal().Length);
    }

    [Theory]
    [InlineData("-MaximumRetryCount 11")]
    [InlineData("-MaximumRetryCount -1")]
    [InlineData("-ConnectTimeoutSeconds 0")]
    [InlineData("-ConnectTimeoutSeconds 3601")]
    [InlineData("-TimeoutSeconds 0")]
    public void A_number_out_of_range_is_refused(string parameters)
    {
        Emulator emulator = Stage.Plain;
        foreach (string command in new[] { "Get-GraphToken", "Test-GraphTokenSetup" })
        {
            ErrorRecord error = Run($"{command} @app -ClientSecret $secret {parameters}", Variables(emulator)).Failure;
            Assert.StartsWith("InvalidArgument,", error.FullyQualifiedErrorId);
        }
        Assert.Empty(emulator.Journal());
    }

    [Fact]
    public void The_longest_and_the_shortest_values_are_taken() => Assert.NotEmpty(Run(
        "Get-GraphToken @app -ClientSecret $secret -ConnectTimeoutSeconds 3600 -MaximumRetryCount 10 -AsPlainText",
        Variables(Stage.Plain)).Text);

    [Theory]
    [InlineData("http://alice:hunter#22@corp.invalid:8080")]
    [InlineData("http://alice:hunter/22@corp.invalid:8080")]
    [InlineData("http://alice:hunter?22@corp.invalid:8080")]
    [InlineData("http://alice:22#hunter@corp.invalid:8080")]
    [InlineData("http://alice:hunter22@corp.invalid:hunter")]
    [InlineData("http://alice:hunter22@corp.invalid:65536")]
    [InlineData("http://alice:hunter22@corp.invalid:")]
    public void A_proxy_address_that_could_be_read_in_two_ways_is_refused(string address)
    {
        AssertOutcome("InvalidArgument", $"-CaFile $ca -Proxy '{address}'");
        AssertOutcome("InvalidArgument", "-CaFile $ca", ("HTTPS_PROXY", address));
    }

    [Theory]
    [InlineData("", "ProxyFailed")]
    [InlineData("-Proxy ''", null)]
    [InlineData("-NoProxyList 127.0.0.1", null)]
    [InlineData("-NoProxyList example.invalid, 127.0.0.1", null)]
    [InlineData("-NoProxyList 'example.invalid,127.0.0.1'", null)]
    [InlineData("-NoProxyList example.invalid", "ProxyFailed")]
    public void The_proxy_of_the_environment_can_be_left_aside(string parameters, string? kind) =>
        AssertOutcome(kind, $"-CaFile $ca {parameters}", ("HTTPS_PROXY", ClosedProxy));

    [Fact]
    public void The_exceptions_of_the_environment_can_be_left_aside()
    {
        (string, string)[] environment = [("HTTPS_PROXY", ClosedProxy), ("NO_PROXY", "127.0.0.1")];
        AssertOutcome(null, "-CaFile $ca", environment);
        AssertOutcome("ProxyFailed", "-CaFile $ca -NoProxyList ''", environment);
    }

    [Fact]
    public void The_authorities_of_a_file_are_trusted_in_place_of_others()
    {
        AssertOutcome("TlsFailed", "");
        AssertOutcome(null, "-CaFile $ca");
        AssertOutcome(null, "-CaFile $ca", ("SSL_CERT_FILE", "/nowhere.pem"));
        AssertOutcome("TlsFailed", "-CaFile ''", ("SSL_CERT_FILE", Stage.TrustedCertificates));
    }

    [Fact]
    public void The_file_of_authorities_is_a_path_of_PowerShell()
    {
        Session.State.Path.SetLocation(Path.GetDirectoryName(Stage.TrustedCertificates)!);
        AssertOutcome(null, $"-CaFile ./{Path.GetFileName(Stage.TrustedCertificates)}");
        AssertOutcome("InvalidArgument", "-CaFile Env:PATH");
    }

    private void AssertOutcome(string? kind, string parameters, params (string Name, string Value)[] environment)
    {
        string set = string.Concat(environment.Select(variable => $"$env:{variable.Name} = '{variable.Value}'; "));
        string clear = string.Concat(environment.Select(variable => $"$env:{variable.Name} = ''; "));
        Outcome outcome = Run(
            $"try {{ {set}Get-GraphToken @app -ClientSecret $secret -ForceRefresh {parameters} }} finally {{ {clear}}}",
            Variables(Stage.Tls));
        Assert.Equal(
            kind == null ? null : $"{kind},GraphToken.PowerShell.GetGraphTokenCommand",
            outcome.Error?.FullyQualifiedErrorId);
    }

    private object Variables(Emulator emulator) => new
    {
        app = App(emulator),
        secret = Secret.Of(Emulator.ClientSecret),
        ca = Stage.TrustedCertificates,
    };
}
