using System.Management.Automation;
using System.Security;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Decodes a token, without verifying it.</summary>
[Cmdlet(VerbsData.ConvertFrom, "GraphToken")]
[OutputType(typeof(TokenContents))]
public sealed class ConvertFromGraphTokenCommand : TokenCommand
{
    private bool _isNamed;

    /// <summary>A string (with or without "Bearer " in front), a SecureString, a GraphToken or a token response.
    /// </summary>
    // Not mandatory, because PowerShell would prompt for it and show what is typed.
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [TokenArgument]
    public SecureString? Token { get; set; }

    /// <summary>Takes what is given beside the token, so that it can be refused without being shown.</summary>
    // PowerShell's own error for a surplus argument shows it, and it may be the token, for example after -Token Bearer.
    [Parameter(ValueFromPipeline = true, ValueFromRemainingArguments = true, DontShow = true)]
    [TokenArgument]
    public SecureString? Rest { get; set; }

    /// <summary>Notes what the command line has bound, before the pipeline binds more.</summary>
    protected override void BeginProcessing() => _isNamed = Token != null || Rest != null;

    private protected override void Run(CancellationToken stop)
    {
        RefuseSurplus();
        if (Token == null)
        {
            throw TokenError.InvalidArgument("No token was given.", "Pass a token with -Token or by pipeline.");
        }
        if (TokenArgumentAttribute.WrongTypeOf(Token) is string type)
        {
            throw TokenError.InvalidArgument(
                $"An object of type {type} is not a token.",
                "Pass a string, a SecureString, or the output of Get-GraphToken.");
        }
        DecodedToken token = JsonWebToken.Decode(Token);
        WriteObject(new TokenContents(JsonText.ReadObject(token.HeaderJson), JsonText.ReadObject(token.ClaimsJson)));
    }

    private void RefuseSurplus()
    {
        // The pipeline binds each object to both parameters.
        if (MyInvocation.ExpectingInput ? _isNamed : Rest != null)
        {
            throw TokenError.InvalidArgument(
                "ConvertFrom-GraphToken takes one token, and more than one argument was given.",
                "Check the names of the parameters, and put quotation marks around a token with spaces.");
        }
    }
}
