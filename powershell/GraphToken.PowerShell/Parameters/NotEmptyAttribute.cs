using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;

namespace GraphToken.PowerShell;

/// <summary>A parameter that refuses null, the empty text and the empty array, which an unset variable gives.</summary>
/// <remarks>
/// The command checks it for each object of the pipeline. An error of PowerShell's own validation ends the statement
/// whatever <c>-ErrorAction</c> says, and leaves a variable with the result of an earlier call.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotEmptyAttribute : Attribute
{
    private static readonly ConcurrentDictionary<Type, HashSet<string>> Marked = new();

    /// <summary>Refuses the first of these arguments that is empty and may not be.</summary>
    internal static void Check(Type command, IDictionary<string, object?> arguments)
    {
        HashSet<string> marked = Marked.GetOrAdd(command, NamesIn);
        foreach (KeyValuePair<string, object?> argument in arguments)
        {
            if (argument.Value is null or "" or byte[] { Length: 0 } && marked.Contains(argument.Key))
            {
                throw TokenError.InvalidArgument(
                    $"-{argument.Key} is null or empty.",
                    $"Pass a value for -{argument.Key}, or omit it. An unset variable is a common cause.");
            }
        }
    }

    private static HashSet<string> NamesIn(Type command) => new(command.GetProperties()
        .Where(property => property.IsDefined(typeof(NotEmptyAttribute), inherit: true))
        .Select(property => property.Name));
}
