using System;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>Takes a URL, and keeps it out of every error message: it may hold a password.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UrlArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            null => null,
            Uri url => url,
            string text when Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out Uri url) => url,
            string text => new UnparsedUrl(text),
            object other => throw new ArgumentTransformationMetadataException(
                $"The value is of type {other.GetType().Name}. Pass a URL as a string or a Uri."),
        };
}
