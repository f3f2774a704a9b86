using System.Reflection;

namespace GraphToken.Tests.Reference;

/// <summary>A type as C# writes it, with what it says about <see langword="null"/>.</summary>
internal static class TypeName
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(void)] = "void",
    };

    internal static string Of(ParameterInfo parameter) => Of(new NullabilityInfoContext().Create(parameter));

    internal static string Of(PropertyInfo property) => Of(new NullabilityInfoContext().Create(property));

    private static string Of(NullabilityInfo info)
    {
        Type type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        string name = type switch
        {
            { IsArray: true } => Of(info.ElementType!) + "[]",
            { IsGenericType: true } =>
                $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", info.GenericTypeArguments.Select(Of))}>",
            _ => s_keywords.GetValueOrDefault(type, type.Name),
        };
        bool mayBeNull = type != info.Type || (!type.IsValueType && info.ReadState == NullabilityState.Nullable);
        return mayBeNull ? name + "?" : name;
    }
}
