using System;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>Lets a secret be plain text, and keeps it out of every error message.</summary>
/// <remarks>PowerShell's own conversion refuses plain text with an error that shows it.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretArgumentAttribute : ArgumentTransformationAttribute
{
    private static readonly ConditionalWeakTable<SecureString, object> MadeFromText = new();

    /// <summary>Whether plain text is a usual form of this secret, which needs no warning.</summary>
    public bool AllowsText { get; set; }

    /// <summary>Whether a script block may provide the secret.</summary>
    public bool AllowsScript { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            null or SecureString => value,
            string text => Protected(text),
            ScriptBlock when AllowsScript => value,
            _ => throw new ArgumentTransformationMetadataException(
                $"The value is of type {value.GetType().Name}. Pass a SecureString or a string."),
        };
    }

    /// <summary>Whether the caller gave this secret as plain text where that deserves a warning.</summary>
    internal static bool WasText(SecureString? secret) => secret != null && MadeFromText.TryGetValue(secret, out _);

    private SecureString Protected(string text)
    {
        SecureString secret = SecretText.Of(text);
        if (!AllowsText)
        {
            MadeFromText.Add(secret, MadeFromText);
        }
        return secret;
    }
}
