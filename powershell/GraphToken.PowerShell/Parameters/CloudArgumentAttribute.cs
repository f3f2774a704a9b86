using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>Lets a cloud be named as the Az module and MSAL name it, besides the names of
/// <see cref="NationalCloud"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CloudArgumentAttribute : ArgumentTransformationAttribute
{
    // Az: Get-AzEnvironment. MSAL: AzureCloudInstance, whose AzureUsGovernment differs only in letter case.
    private static readonly Dictionary<string, NationalCloud> OtherNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AzureCloud"] = NationalCloud.Global,
        ["AzurePublic"] = NationalCloud.Global,
        ["AzureUSGovernment"] = NationalCloud.USGov,
        ["AzureChinaCloud"] = NationalCloud.China,
        ["AzureChina"] = NationalCloud.China,
    };

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string text)
        {
            return inputData;
        }
        string name = PastedText.Unwrapped(text);
        return OtherNames.TryGetValue(name, out NationalCloud cloud) ? cloud : name;
    }
}
