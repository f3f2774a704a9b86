using System;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>Takes a token in each of its forms, and keeps it and whatever else is given out of every error.</summary>
/// <remarks>
/// Binding errors of PowerShell contain the arguments that were already bound, and pipeline objects that could not be.
/// So everything is bound, as a <see cref="SecureString"/>; <see cref="WrongTypeOf"/> tells what cannot be a token.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TokenArgumentAttribute : ArgumentTransformationAttribute
{
    // What a SecureString can hold, in characters; a token that is sent in a header is far shorter.
    private const int LongestToken = 65_536;

    private static readonly ConditionalWeakTable<SecureString, string> WrongTypes = new();

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            null => null,
            SecureString secret => secret,
            string text when text.Length <= LongestToken => SecretText.Of(text),
            GraphToken token => token.AccessToken,
            PSCustomObject when AccessTokenOf((PSObject)inputData!) is string text => SecretText.Of(text),
            object other => NoToken(other.GetType()),
        };

    /// <summary>
    /// The name of the argument's type when it cannot be a token; <see langword="null"/> when it can.
    /// </summary>
    internal static string? WrongTypeOf(SecureString argument) =>
        WrongTypes.TryGetValue(argument, out string type) ? type : null;

    /// <summary>The token in a token response, as Invoke-RestMethod and ConvertFrom-Json return it.</summary>
    private static string? AccessTokenOf(PSObject response) =>
        response.Properties["access_token"]?.Value is string text && text.Length <= LongestToken ? text : null;

    private static SecureString NoToken(Type type)
    {
        var placeholder = new SecureString();
        WrongTypes.Add(placeholder, type.Name);
        return placeholder;
    }
}
