using System;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>Refuses the content of a certificate file in place of a certificate, and keeps it out of the error.</summary>
/// <remarks>PowerShell's own conversion takes a text for the name of a file, and refuses it with an error that shows
/// it.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CertificateArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is object[] || (value is string text && PathText.IsContent(text)))
        {
            throw new ArgumentTransformationMetadataException(
                "Pass one X509Certificate2. For the path of a file, use -CertificatePath; for its content, " +
                "-CertificateBase64.");
        }
        return inputData;
    }
}
