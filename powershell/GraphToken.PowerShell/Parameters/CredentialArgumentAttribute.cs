using System;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>Takes a credential and nothing else, without prompting.</summary>
/// <remarks>PowerShell's own attribute prompts for what is missing, and shows its argument in the prompt.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CredentialArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            PSCredential credential => credential,
            null => throw Refused("The value is null."),
            object other => throw Refused($"The value is of type {other.GetType().Name}."),
        };

    private static ArgumentTransformationMetadataException Refused(string reason) =>
        new($"{reason} Pass a PSCredential, for example from Get-Credential.");
}
