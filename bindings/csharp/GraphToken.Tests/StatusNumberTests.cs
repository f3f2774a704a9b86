namespace GraphToken.Tests;

/// <summary>The numbers are the same on both sides of the native boundary.</summary>
public sealed class StatusNumberTests
{
    [Fact]
    public void EveryStatusButSuccessIsAKindOfError()
    {
        var statuses = Enum.GetValues<GtStatus>().Where(status => status != GtStatus.Ok)
            .ToDictionary(status => status.ToString(), status => (int)status);
        var kinds = Enum.GetValues<GraphTokenErrorKind>().ToDictionary(kind => kind.ToString(), kind => (int)kind);
        Assert.Equal(statuses, kinds);
    }
}
