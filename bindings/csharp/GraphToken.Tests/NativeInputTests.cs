using System.Reflection;
using System.Runtime.InteropServices;

namespace GraphToken.Tests;

/// <summary>Every function of the raw interface with inputs that a careless caller gives.</summary>
public sealed class NativeInputTests
{
    // What succeeds although everything it is given is NULL or empty.
    private static readonly string[] SatisfiedWithNothing =
    [
        nameof(Native.gt_version), nameof(Native.gt_options_new), nameof(Native.gt_cancel_new),
        nameof(Native.gt_request_new_client_credentials), nameof(Native.gt_diagnosis_new),
        nameof(Native.gt_cache_clear), nameof(Native.gt_cache_remove), nameof(Native.gt_cached_tokens_new),
        nameof(Native.gt_client_new_managed_identity), nameof(Native.gt_client_new_chain),
        nameof(Native.gt_request_new_account),
    ];

    // One of each type. None but those that release is called.
    private static readonly Delegate[] Callbacks =
    [
        new GtSigner(Unsupported), new GtSignerRelease(_ => { }),
        ExternalTokenStore.Read, ExternalTokenStore.Write, ExternalTokenStore.Remove,
        ExternalTokenStore.Lock, ExternalTokenStore.Unlock, new GtTokenStoreRelease(_ => { }),
    ];

    private static IEnumerable<MethodInfo> Functions => typeof(Native)
        .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(method => method.Name.StartsWith("gt_", StringComparison.Ordinal));

    public static TheoryData<string> AllFunctions => new(Functions.Select(function => function.Name));

    public static TheoryData<string, string> AllTexts => new(
        from function in Functions
        from parameter in function.GetParameters()
        where parameter.ParameterType == typeof(GtStr)
        select (function.Name, parameter.Name!));

    [Theory]
    [MemberData(nameof(AllFunctions))]
    public void NullIsRefusedOrIgnored(string name)
    {
        MethodInfo function = Function(name);
        int status = Call(function, _ => null);
        bool succeeds = function.ReturnType == typeof(void) || SatisfiedWithNothing.Contains(name);
        Assert.Equal(succeeds, status == 0);
        Assert.NotEqual((int)GtStatus.InternalError, status);
    }

    // A damaged certificate of a store is no mistake of the caller.
    public static TheoryData<string, string> TextsThatAreRead => new(
        AllTexts.Select(row => row.Data).Where(
            text => text != (nameof(Native.gt_certificate_search_add), "certificate")));

    [Theory]
    [MemberData(nameof(TextsThatAreRead))]
    public void TextThatIsNotUtf8IsRefused(string name, string parameter)
    {
        byte[] bytes = [(byte)'a', 0xFF, 0xC3, 0x28];
        int status = CallWithText(name, parameter, bytes, bytes.Length);
        Assert.InRange(status, (int)GtStatus.InvalidArgument, (int)GtStatus.SigningFailed);
    }

    [Theory]
    [MemberData(nameof(AllTexts))]
    public void EmptyTextIsNoDefect(string name, string parameter) => Assert.NotEqual(
        (int)GtStatus.InternalError, CallWithText(name, parameter, [0], 0));

    [Theory]
    [MemberData(nameof(AllTexts))]
    public void NoTextThatHasALengthIsRefused(string name, string parameter)
    {
        int status = Call(
            Function(name), of => of.Name == parameter ? new GtStr { data = IntPtr.Zero, len = 5 } : null);
        Assert.Equal((int)GtStatus.NullPointer, status);
    }

    [Fact]
    public void AllFunctionsAreFound()
    {
        Assert.True(Functions.Count() > 60);
        Assert.All(Functions.Where(function => function.Name.EndsWith("_free", StringComparison.Ordinal)),
            function => Assert.Equal(typeof(void), function.ReturnType));
    }

    private static int CallWithText(string name, string parameter, byte[] bytes, int length)
    {
        GCHandle pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        try
        {
            var text = new GtStr { data = pin.AddrOfPinnedObject(), len = (ulong)length };
            return Call(Function(name), of => of.Name == parameter ? text : null);
        }
        finally
        {
            pin.Free();
        }
    }

    /// <summary>
    /// Calls with what <paramref name="choose"/> gives, a live client, live options or a live search, and otherwise nothing.
    /// </summary>
    private static int Call(MethodInfo function, Func<ParameterInfo, object?> choose)
    {
        IntPtr options = IntPtr.Zero;
        IntPtr ignored = IntPtr.Zero;
        IntPtr search = IntPtr.Zero;
        IntPtr client = IntPtr.Zero;
        Assert.Equal(0, Native.gt_options_new(ref options, ref ignored));
        Assert.Equal(0, NewSearch(ref search));
        Assert.Equal(0, NewClient(ref client));
        try
        {
            bool usesText = function.GetParameters().Any(parameter => choose(parameter) != null);
            object?[] arguments = [.. function.GetParameters().Select(parameter =>
                choose(parameter) ?? (usesText ? Usable(parameter, client, options, search) : Nothing(parameter)))];
            int status = function.Invoke(null, arguments) as int? ?? 0;
            CheckResults(function, arguments, status);
            return status;
        }
        finally
        {
            Native.gt_options_free(options);
            Native.gt_certificate_search_free(search);
            Native.gt_client_free(client);
        }
    }

    private static int NewSearch(ref IntPtr search)
    {
        IntPtr ignored = IntPtr.Zero;
        using Utf8Text name = Utf8Text.Of("App", nameof(name));
        return Native.gt_certificate_search_new_by_subject_name(name.Borrow(), ref search, ref ignored);
    }

    /// <summary>A client of a service that does not answer: nobody listens at its port.</summary>
    private static int NewClient(ref IntPtr client)
    {
        using OptionsHandle options = new();
        options.SetWhen("0", "http.retries");
        using Utf8Text tenant = Utf8Text.Of("http://127.0.0.1:9/contoso.com", nameof(tenant));
        using Utf8Text id = Utf8Text.Of(Emulator.PublicClientId, nameof(id));
        using HandleUse settings = options.Use();
        IntPtr ignored = IntPtr.Zero;
        return Native.gt_client_new(
            tenant.Borrow(), id.Borrow(), IntPtr.Zero, settings.Pointer, ref client, ref ignored);
    }

    private static object? Usable(ParameterInfo parameter, IntPtr client, IntPtr options, IntPtr search) => parameter switch
    {
        { Name: "client", Position: 0 } => client,
        { Name: "search", Position: 0 } => search,
        { Name: "options", Position: 0 } => options,
        _ => Array.Find(Callbacks, callback => callback.GetType() == parameter.ParameterType) ?? Nothing(parameter),
    };

    private static object? Nothing(ParameterInfo parameter)
    {
        Type given = parameter.ParameterType;
        Type type = given.IsByRef ? given.GetElementType()! : given;
        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }

    /// <summary>On failure no handle, and an error that fits; on success a handle, which is freed.</summary>
    private static void CheckResults(MethodInfo function, object?[] arguments, int status)
    {
        foreach (ParameterInfo parameter in function.GetParameters().Where(
            parameter => parameter.ParameterType == typeof(IntPtr).MakeByRefType()))
        {
            var handle = (IntPtr)arguments[parameter.Position]!;
            bool isError = parameter.Name == "error_out";
            Assert.Equal(isError == (status != 0), handle != IntPtr.Zero);
            if (isError && handle != IntPtr.Zero)
            {
                Assert.Equal(status, Native.gt_error_status(handle));
                Assert.Equal(0, Native.gt_error_message(handle, out GtStr message));
                Assert.NotEqual(0ul, message.len);
            }
            // An error that was made on purpose comes beside the one that tells of a failure.
            string made = parameter.Name == "made_out" ? "error" : parameter.Name!.Replace("_out", "");
            Function($"gt_{made}_free").Invoke(null, [handle]);
        }
    }

    private static MethodInfo Function(string name) => typeof(Native).GetMethod(name)!;

    private static int Unsupported(
        IntPtr context,
        int algorithm,
        IntPtr digest,
        ulong digestLength,
        IntPtr signature,
        ulong signatureCapacity,
        out ulong signatureLength)
    {
        signatureLength = 0;
        return -1;
    }
}
