using System.Management.Automation;
using System.Management.Automation.Language;

namespace GraphToken.PowerShell.Tests;

/// <summary>The help, compared with the commands in both directions.</summary>
public sealed class HelpTests(Stage stage) : EngineTest(stage)
{
    public static TheoryData<string> Commands =>
    [
        "Get-GraphToken", "New-GraphClientAssertion", "ConvertFrom-GraphToken", "Test-GraphTokenSetup",
        "Clear-GraphTokenCache",
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
            Assert.Equal("named", Text(parameter, "position"));
        });
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Its_syntax_has_the_same_parameters(string name)
    {
        PSObject[] syntax = Items(Items(Help(name), "syntax", "syntaxItem").Single(), "parameter");
        Assert.Equal(
            Parameters(name).Keys.Order(), syntax.Select(parameter => Text(parameter, "name")).Order());
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
                var names = Parameters(command.GetCommandName());
                Assert.All(
                    command.CommandElements.OfType<CommandParameterAst>(),
                    parameter => Assert.Contains(parameter.ParameterName, names.Keys));
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
    }

    private PSObject Help(string name) => Run("Get-Help $name -Full", new { name }).Single;

    private Dictionary<string, ParameterMetadata> Parameters(string name)
    {
        var command = (CommandInfo)Run("Get-Command $name", new { name }).Single.BaseObject;
        return command.Parameters.Values
            .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
            .ToDictionary(parameter => parameter.Name);
    }

    private static string TypeName(ParameterMetadata parameter) =>
        (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType).Name;

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
