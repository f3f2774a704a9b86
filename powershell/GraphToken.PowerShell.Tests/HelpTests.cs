using System.Management.Automation;
using System.Management.Automation.Language;

namespace GraphToken.PowerShell.Tests;

/// <summary>The help, compared with the commands in both directions.</summary>
public sealed class HelpTests(Stage stage) : EngineTest(stage)
{
    public static TheoryData<string> Commands =>
    [
        "Get-GraphToken", "New-GraphClientAssertion", "ConvertFrom-GraphToken", "Test-GraphTokenSetup",
        "Get-GraphTokenCache", "Clear-GraphTokenCache",
    ];

    [Fact]
    public void Every_command_is_looked_at_here() => Assert.Equal(
        Run("Get-Command -Module GraphToken").Output.Select(item => ((CommandInfo)item.BaseObject).Name).Order(),
        Commands.Select(row => row.Data).Order());

    [Theory]
    [MemberData(nameof(Commands))]
    public void It_describes_exactly_the_parameters_that_there_are(string name)
    {
        PSObject[] described = Items(Help(name), "parameters", "parameter");
        Dictionary<string, ParameterMetadata> actual = Parameters(name);

        Assert.Equal(actual.Keys.Order(), described.Select(parameter => Text(parameter, "name")).Order());
        Assert.All(described, parameter =>
        {
            ParameterMetadata metadata = actual[Text(parameter, "name")];
            Assert.NotEmpty(Paragraphs(parameter, "description"));
            Assert.Equal(TypeName(metadata), Text(parameter, "parameterValue"));
            Assert.Equal(
                metadata.Aliases.Count == 0 ? "none" : string.Join(", ", metadata.Aliases), Text(parameter, "aliases"));
            Assert.Equal(PositionOf(metadata), Text(parameter, "position"));
        });
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Its_syntax_has_each_parameter_once(string name)
    {
        IEnumerable<string> syntax = Items(Help(name), "syntax", "syntaxItem")
            .SelectMany(item => Items(item, "parameter"))
            .Select(parameter => Text(parameter, "name"));
        Assert.Equal(Parameters(name).Keys.Order(), syntax.Order());
    }

    [Theory]
    [InlineData("Get-GraphToken")]
    [InlineData("New-GraphClientAssertion")]
    [InlineData("Test-GraphTokenSetup")]
    public void Its_syntax_has_a_short_line_for_each_way(string name)
    {
        CommandParameterSetInfo[] sets = [.. Command(name).ParameterSets];
        PSObject[] ways = [.. Items(Help(name), "syntax", "syntaxItem").Where(item => Text(item, "name") == name)];
        Assert.Equal(sets.Length, ways.Length);
        Assert.All(sets.Zip(ways), pair =>
        {
            CommandParameterInfo? selecting = pair.First.Parameters.SingleOrDefault(parameter => parameter.IsMandatory);
            PSObject first = Items(pair.Second, "parameter")[0];
            Assert.True(selecting == null || selecting.Name == Text(first, "name"), pair.First.Name);
            Assert.Equal(selecting == null ? "false" : "true", Text(first, "required"));
            Assert.True(Items(pair.Second, "parameter").Length <= 2, pair.First.Name);
        });
    }

    [Fact]
    public void The_syntax_of_Get_GraphToken_fits_into_a_narrow_window()
    {
        Run("Get-Help Get-GraphToken | Out-Default");
        string[] view = Session.Host.TakeText().Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal(
            [
                "Get-GraphToken [-Certificate <X509Certificate2>] [<CommonParameters>]",
                "Get-GraphToken -Credential <PSCredential> [<CommonParameters>]",
                "Get-GraphToken -RefreshToken <SecureString> [<CommonParameters>]",
                "Get-GraphToken -UserAssertion <SecureString> [<CommonParameters>]",
                "Get-GraphToken -UseDeviceCode [<CommonParameters>]",
                "Get-GraphToken -Interactive [-NoBrowser] [<CommonParameters>]",
                "Get-GraphToken -Account <String> [<CommonParameters>]",
                "Get-GraphToken -Identity [-IdentityId <String>] [<CommonParameters>]",
                "Get-GraphToken -EnvironmentVariable [<CommonParameters>]",
                "Get-GraphToken -Chain [<CommonParameters>]",
                "Get-GraphToken -AzureCli [<CommonParameters>]",
                "Get-GraphToken -AzureDeveloperCli [<CommonParameters>]",
            ],
            view.Where(line => line.StartsWith("Get-GraphToken ")));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void It_has_a_synopsis_a_description_outputs_and_examples(string name)
    {
        PSObject help = Help(name);
        Assert.NotEmpty(Text(help, "Synopsis").Trim());
        Assert.NotEmpty(Paragraphs(help, "description"));
        Assert.NotEmpty(Items(help, "returnValues", "returnValue"));
        PSObject[] examples = Items(help, "examples", "example");
        Assert.True(examples.Length >= 2);
        Assert.All(examples, example =>
        {
            Assert.Empty(ParseErrors(Text(example, "code")));
            Assert.NotEmpty(Paragraphs(example, "remarks"));
        });
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Its_examples_use_only_parameters_that_there_are(string name)
    {
        foreach (PSObject example in Items(Help(name), "examples", "example"))
        {
            var used = Parser.ParseInput(Text(example, "code"), out _, out _)
                .FindAll(ast => ast is CommandAst, true)
                .Cast<CommandAst>()
                .Where(command => command.GetCommandName() is string called && Commands.Any(row => row.Data == called));
            foreach (var command in used)
            {
                IEnumerable<string> names = Parameters(command.GetCommandName()).Keys.Concat(Cmdlet.CommonParameters);
                Assert.All(
                    command.CommandElements.OfType<CommandParameterAst>(),
                    parameter => Assert.Contains(parameter.ParameterName, names));
            }
        }
    }

    [Fact]
    public void The_decoding_help_says_that_nothing_is_verified() => Assert.Contains(
        Paragraphs(Help("ConvertFrom-GraphToken"), "description"), paragraph => paragraph.Contains("NOT verified"));

    [Fact]
    public void There_is_an_about_topic()
    {
        string topic = Run("Get-Help about_GraphToken").Text;
        Assert.Contains("REPLACING THE SCRIPT", topic);
        Assert.Contains("-UserAssertion $assertion", topic);
    }

    private PSObject Help(string name) => Run("Get-Help $name -Full", new { name }).Single;

    private CommandInfo Command(string name) =>
        (CommandInfo)Run("Get-Command $name", new { name }).Single.BaseObject;

    private Dictionary<string, ParameterMetadata> Parameters(string name) => Command(name).Parameters.Values
        .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
        .ToDictionary(parameter => parameter.Name);

    private static string TypeName(ParameterMetadata parameter) =>
        (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType).Name;

    private static string PositionOf(ParameterMetadata parameter)
    {
        int position = parameter.ParameterSets.Values.First().Position;
        return position < 0 ? "named" : $"{position}";
    }

    private static IEnumerable<string> ParseErrors(string script)
    {
        Parser.ParseInput(script, out _, out var errors);
        return errors.Select(error => error.Message);
    }

    private static PSObject[] Items(PSObject help, params string[] path)
    {
        object? value = path.Aggregate((object?)help, (item, name) => new PSObject(item).Properties[name]?.Value);
        object? plain = value is PSObject { BaseObject: object[] array } ? array : value;
        return plain switch
        {
            null => [],
            object[] many => [.. many.Select(PSObject.AsPSObject)],
            _ => [PSObject.AsPSObject(plain)],
        };
    }

    private static string Text(PSObject item, string property) => $"{item.Properties[property]?.Value}";

    private static string[] Paragraphs(PSObject item, string property) =>
        [.. Items(item, property).Select(paragraph => Text(paragraph, "Text")).Where(text => text.Length > 0)];
}
