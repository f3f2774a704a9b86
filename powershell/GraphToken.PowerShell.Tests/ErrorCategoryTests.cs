using System.Management.Automation;
using System.Reflection;

namespace GraphToken.PowerShell.Tests;

/// <summary>The category of every kind, against the table in the documentation.</summary>
public sealed class ErrorCategoryTests(Stage stage) : EngineTest(stage)
{
    private static readonly Dictionary<string, ErrorCategory> Table = new()
    {
        ["NullPointer"] = ErrorCategory.InvalidOperation,
        ["InternalError"] = ErrorCategory.InvalidOperation,
        ["NativeLibraryMismatch"] = ErrorCategory.InvalidOperation,
        ["Cancelled"] = ErrorCategory.OperationStopped,
        ["InvalidArgument"] = ErrorCategory.InvalidArgument,
        ["InvalidAuthority"] = ErrorCategory.InvalidArgument,
        ["CredentialMissing"] = ErrorCategory.InvalidArgument,
        ["CertificateNotFound"] = ErrorCategory.ObjectNotFound,
        ["CertificateUnreadable"] = ErrorCategory.InvalidData,
        ["CertificatePasswordIncorrect"] = ErrorCategory.SecurityError,
        ["PrivateKeyMissing"] = ErrorCategory.InvalidData,
        ["PrivateKeyMismatch"] = ErrorCategory.InvalidData,
        ["PrivateKeyUnsupported"] = ErrorCategory.InvalidType,
        ["PrivateKeyInaccessible"] = ErrorCategory.PermissionDenied,
        ["SigningFailed"] = ErrorCategory.InvalidResult,
        ["ConnectionFailed"] = ErrorCategory.ConnectionError,
        ["TlsFailed"] = ErrorCategory.SecurityError,
        ["ProxyFailed"] = ErrorCategory.ConnectionError,
        ["RequestTimeout"] = ErrorCategory.OperationTimeout,
        ["ServiceRejected"] = ErrorCategory.AuthenticationError,
        ["ClientCredentialRejected"] = ErrorCategory.AuthenticationError,
        ["UserCredentialRejected"] = ErrorCategory.AuthenticationError,
        ["InteractionRequired"] = ErrorCategory.AuthenticationError,
        ["Throttled"] = ErrorCategory.LimitsExceeded,
        ["ServiceUnavailable"] = ErrorCategory.ResourceUnavailable,
        ["MalformedResponse"] = ErrorCategory.InvalidData,
        ["CacheUnreadable"] = ErrorCategory.ReadError,
        ["CacheUnwritable"] = ErrorCategory.WriteError,
        ["CacheLocked"] = ErrorCategory.WriteError,
        ["CacheProtectionUnavailable"] = ErrorCategory.ReadError,
    };

    [Fact]
    public void Every_kind_has_the_category_of_the_table()
    {
        MethodInfo categoryOf = Loaded("GraphToken.PowerShell").GetType("GraphToken.PowerShell.TokenError", true)!
            .GetMethod("CategoryOf", BindingFlags.NonPublic | BindingFlags.Static)!;
        Dictionary<string, ErrorCategory> actual = Kinds().ToDictionary(
            kind => kind.ToString(), kind => (ErrorCategory)categoryOf.Invoke(null, [kind])!);

        Assert.Equal(Table.OrderBy(pair => pair.Key), actual.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void The_about_topic_has_the_same_table()
    {
        string[] lines = File.ReadAllLines(Path.Combine(TestSetting.Module, "en-US", "about_GraphToken.help.txt"));
        // NullPointer is left out there: a script cannot cause it.
        foreach ((string kind, ErrorCategory category) in Table.Where(pair => pair.Key != "NullPointer"))
        {
            Assert.Contains(lines, line => Words(line) is [var first, var second, ..]
                && first == kind && second == category.ToString());
        }
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // Zero is success, which is no kind of error.
    private static IEnumerable<Enum> Kinds() => Loaded("GraphToken")
        .GetType("GraphToken.GraphTokenErrorKind", true)!
        .GetEnumValues()
        .Cast<Enum>()
        .Where(kind => Convert.ToInt32(kind) != 0);
}
