using System;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>Lets a secret be plain text, and keeps it out of every error message.</summary>
/// <remarks>PowerShell's own conversion refuses plain text with an error that prints it.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretArgumentAttribute : ArgumentTransformationAttribute
{
    private static readonly ConditionalWeakTable<SecureString, object> MadeFromText = new();

    /// <summary>Whether plain text is a usual form of this secret, which nobody need be warned about.</summary>
    public bool AllowsText { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            null or SecureString => value,
            string text => Protected(text),
            _ => throw new ArgumentTransformationMetadataException(
                $"A secret is a SecureString or a text, not an object of type {value.GetType().Name}."),
        };
    }

    /// <summary>Whether the caller gave this secret as plain text where that deserves a warning.</summary>
    internal static bool WasText(SecureString? secret) => secret != null && MadeFromText.TryGetValue(secret, out _);

    private SecureString Protected(string text)
    {
        var secret = new SecureString();
        foreach (char character in text)
        {
            secret.AppendChar(character);
        }
        secret.MakeReadOnly();
        if (!AllowsText)
        {
            MadeFromText.Add(secret, MadeFromText);
        }
        return secret;
    }
}
