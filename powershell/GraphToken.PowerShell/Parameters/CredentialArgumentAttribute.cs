using System;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>Takes a credential or null and nothing else, without prompting.</summary>
/// <remarks>PowerShell's own attribute prompts for what is missing, and shows its argument in the prompt.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CredentialArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            null => null,
            PSCredential credential => credential,
            object other => throw new ArgumentTransformationMetadataException(
                $"The value is of type {other.GetType().Name}. " +
                "Pass a PSCredential, for example from Get-Credential."),
        };
}
