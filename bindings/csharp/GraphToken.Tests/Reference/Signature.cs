using System.Reflection;

namespace GraphToken.Tests.Reference;

/// <summary>A declaration as C# writes it.</summary>
internal static class Signature
{
    internal static string Of(MemberInfo member) => member switch
    {
        Type type => OfType(type),
        ConstructorInfo constructor => $"public {constructor.DeclaringType!.Name}({Parameters(constructor)})",
        MethodInfo method =>
            $"{Modifiers(method)}{TypeName.Of(method.ReturnParameter)} {method.Name}({Parameters(method)})",
        PropertyInfo property =>
            $"{Modifiers(property.GetMethod!)}{TypeName.Of(property)} {property.Name} {{ {Accessors(property)} }}",
        _ => throw new NotSupportedException($"{member} is of a kind that the reference does not have."),
    };

    private static string OfType(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        string[] bases = type.IsEnum ? [] : [.. Bases(type).Select(one => one.Name)];
        return $"public {kind} {type.Name}{(bases.Length == 0 ? "" : " : " + string.Join(", ", bases))}";
    }

    /// <summary>The base class, and the interfaces that neither it nor another interface brings along.</summary>
    private static IEnumerable<Type> Bases(Type type)
    {
        Type? parent = type.BaseType == typeof(object) ? null : type.BaseType;
        Type[] all = type.GetInterfaces();
        IEnumerable<Type> inherited = all.SelectMany(one => one.GetInterfaces()).Concat(parent?.GetInterfaces() ?? []);
        IEnumerable<Type> own = all.Except(inherited);
        return parent is null ? own : own.Prepend(parent);
    }

    private static string Modifiers(MethodInfo method) => method switch
    {
        { DeclaringType.IsInterface: true } => "",
        { IsStatic: true } => "public static ",
        _ when method.GetBaseDefinition() != method => "public override ",
        _ => "public ",
    };

    private static string Accessors(PropertyInfo property) =>
        property.SetMethod is { IsPublic: true } ? "get; set;" : "get;";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string before = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        string after = parameter.HasDefaultValue ? $" = {Default(parameter)}" : "";
        return $"{before}{TypeName.Of(parameter)} {parameter.Name}{after}";
    }

    private static string Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null when parameter.ParameterType.IsValueType => "default",
        null => "null",
        string text => $"\"{text}\"",
        bool value => value ? "true" : "false",
        object value => value.ToString()!,
    };
}
