using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>Takes the bytes of a certificate file, and keeps them out of every error message.</summary>
/// <remarks>PowerShell's own conversion refuses other values with an error that shows them.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CertificateContentArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = Plain(inputData);
        return value switch
        {
            null or byte[] => value,
            // As Get-Content -Encoding Byte returns them in Windows PowerShell.
            IEnumerable items and not string => Bytes(items),
            _ => throw Refused(),
        };
    }

    private static byte[] Bytes(IEnumerable items)
    {
        var bytes = new List<byte>();
        foreach (object? item in items)
        {
            bytes.Add(Plain(item) is byte value ? value : throw Refused());
        }
        return [.. bytes];
    }

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static ArgumentTransformationMetadataException Refused() =>
        new("Pass an array of bytes. For Base64 text, use -CertificateBase64.");
}
