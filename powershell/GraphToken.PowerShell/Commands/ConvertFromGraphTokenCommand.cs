using System.Management.Automation;
using System.Net;
using System.Security;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Decodes a token without verifying it and without asking anybody.</summary>
[Cmdlet(VerbsData.ConvertFrom, "GraphToken")]
[OutputType(typeof(TokenContents))]
public sealed class ConvertFromGraphTokenCommand : TokenCommand
{
    /// <summary>A text (with or without "Bearer " in front), a SecureString or a GraphToken.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public object? Token { get; set; }

    private protected override void Run(CancellationToken stop)
    {
        DecodedToken token = JsonWebToken.Decode(TextOf(Token));
        WriteObject(new TokenContents(JsonText.ReadObject(token.HeaderJson), JsonText.ReadObject(token.ClaimsJson)));
    }

    private static string TextOf(object? token) => (token is PSObject wrapped ? wrapped.BaseObject : token) switch
    {
        string text => text,
        SecureString secret => new NetworkCredential("", secret).Password,
        GraphToken graphToken => graphToken.GetPlainText(),
        object other => throw TokenError.InvalidArgument(
            $"A token is a text, a SecureString or a GraphToken, not an object of type {other.GetType().Name}.",
            "Pass what Get-GraphToken returned, or the text of a token."),
        null => throw TokenError.InvalidArgument("There is no token to decode.", "Pass a token."),
    };
}
