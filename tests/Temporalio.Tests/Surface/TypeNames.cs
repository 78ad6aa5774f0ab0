using System.Reflection;

namespace Temporalio.Tests.Surface;

/// <summary>Types as the listing writes them: C# keywords, full names, <c>?</c> where null is allowed.</summary>
static class TypeNames
{
    static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(void)] = "void",
    };

    public static string Of(Type type) => Of(type, null);

    public static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, nullability);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying, null) + "?";

        var text = Bare(type, nullability);
        return !type.IsValueType && !type.IsGenericParameter && nullability?.ReadState == NullabilityState.Nullable
            ? text + "?"
            : text;
    }

    static string Bare(Type type, NullabilityInfo? nullability)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsArray)
            return Of(type.GetElementType()!, nullability?.ElementType) + "[]";

        var arguments = type.GetGenericArguments();
        var own = arguments.Length - (type.DeclaringType?.GetGenericArguments().Length ?? 0);
        var prefix = type.DeclaringType is { } outer ? $"{Outer(outer, arguments)}." : $"{type.Namespace}.";
        var name = type.Name.Split('`')[0];
        if (own == 0)
            return prefix + name;

        var texts = arguments[^own..].Select((argument, index) =>
            Of(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(index)));
        return $"{prefix}{name}<{string.Join(", ", texts)}>";
    }

    static string Outer(Type outer, Type[] arguments) =>
        Of(outer.IsGenericTypeDefinition ? outer.MakeGenericType(arguments[..outer.GetGenericArguments().Length]) : outer);
}
