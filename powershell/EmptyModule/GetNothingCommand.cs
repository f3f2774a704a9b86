using System.Management.Automation;

namespace EmptyModule;

/// <summary>Takes two arguments and does nothing.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : Cmdlet
{
    /// <summary>Not used.</summary>
    [Parameter]
    public string? TenantId { get; set; }

    /// <summary>Not used.</summary>
    [Parameter]
    public string? ClientId { get; set; }
}
