using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Security;

namespace GraphToken.PowerShell.Tests;

/// <summary>Everything that an error record says, to whatever depth a view may go.</summary>
internal static class ErrorText
{
    // Get-Error goes down ten levels; below this there is nothing of the call any more.
    private const int Depth = 6;

    /// <summary>The text of each property of the record, and of the properties of these.</summary>
    internal static IEnumerable<string> Of(ErrorRecord? error) => error == null ? [] : Of(error, Depth, []);

    private static IEnumerable<string> Of(object? value, int depth, HashSet<object> seen)
    {
        // What these hold is not of the call, or is what nobody shows.
        if (value is null or CommandInfo or MemberInfo or Assembly or SecureString || !seen.Add(value))
        {
            return [];
        }
        IEnumerable<string> own = [$"{value}"];
        if (depth == 0 || value is string || value.GetType().IsPrimitive)
        {
            return own;
        }
        IEnumerable<object?> parts = value switch
        {
            IDictionary entries => entries.Keys.Cast<object?>().Concat(entries.Values.Cast<object?>()),
            IEnumerable items => items.Cast<object?>(),
            _ => PSObject.AsPSObject(value).Properties.Select(ValueOf),
        };
        return own.Concat(parts.SelectMany(part => Of(part, depth - 1, seen)));
    }

    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value is PSObject wrapped ? wrapped.BaseObject : property.Value;
        }
        catch (GetValueException)
        {
            // Not every property can be read at every time.
            return null;
        }
    }
}
