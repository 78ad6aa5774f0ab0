using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Temporalio.Tests.Surface;

/// <summary>Members as the listing writes them; null for what is not public or protected, or not listed.</summary>
static class MemberLines
{
    static readonly NullabilityInfoContext Nullability = new();

    public static string? Of(string type, MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) =>
            $"C {type}.ctor({Parameters(constructor)}){(constructor.IsPublic ? string.Empty : " :: protected")}",
        FieldInfo field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly => Field(type, field),
        PropertyInfo property when property.GetAccessors(true).Any(IsVisible) => Property(type, property),
        EventInfo added when IsVisible(added.AddMethod!) =>
            $"E {type}.{added.Name} :: event {TypeNames.Of(added.EventHandlerType!, Nullability.Create(added))}",
        // Overriding what the framework declares adds nothing that a program could not call before.
        MethodInfo method when method.GetBaseDefinition().DeclaringType!.Assembly == typeof(object).Assembly => null,
        MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
            Method(type, method),
        _ => null,
    };

    static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    static string Field(string type, FieldInfo field)
    {
        var modifiers = (field.IsPublic ? string.Empty : "protected ")
            + (field.IsLiteral ? "const " : field.IsStatic ? "static " : string.Empty)
            + (field.IsInitOnly ? "readonly " : string.Empty);
        return $"F {type}.{field.Name} :: {modifiers}{TypeNames.Of(field.FieldType, Nullability.Create(field))}";
    }

    static string Property(string type, PropertyInfo property)
    {
        var first = property.GetAccessors(true).First(IsVisible);
        var isProtected = !property.GetAccessors(true).Any(accessor => accessor.IsPublic);
        var accessors = string.Empty;
        if (property.GetMethod is { } getter && IsVisible(getter))
            accessors += (getter.IsPublic || isProtected ? string.Empty : "protected ") + "get; ";
        if (property.SetMethod is { } setter && IsVisible(setter))
        {
            var isInit = setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            accessors += (setter.IsPublic || isProtected ? string.Empty : "protected ") + (isInit ? "init; " : "set; ");
        }

        return $"P {type}.{property.Name} :: {(isProtected ? "protected " : string.Empty)}{Modifiers(first)}"
            + $"{TypeNames.Of(property.PropertyType, Nullability.Create(property))} {{ {accessors}}}";
    }

    static string Method(string type, MethodInfo method)
    {
        var generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : string.Empty;
        var result = TypeNames.Of(method.ReturnType, Nullability.Create(method.ReturnParameter));
        return $"M {type}.{method.Name}{generic}({Parameters(method)}) :: "
            + $"{(method.IsPublic ? string.Empty : "protected ")}{Modifiers(method)}{result}";
    }

    static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
            return method.IsAbstract || method.IsStatic ? string.Empty : "default ";
        if (method.IsStatic)
            return "static ";
        if (method.IsAbstract)
            return method.GetBaseDefinition() != method ? "override " : "abstract ";
        if (!method.IsVirtual || method.IsFinal)
            return method.GetBaseDefinition() != method ? "override " : string.Empty;
        return method.GetBaseDefinition() != method ? "override " : "virtual ";
    }

    static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select((parameter, index) => Parameter(method, parameter, index)));

    static string Parameter(MethodBase method, ParameterInfo parameter, int index)
    {
        var prefix = index == 0 && method.IsDefined(typeof(ExtensionAttribute)) ? "this "
            : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params "
            : parameter.IsOut ? "out "
            : parameter.ParameterType.IsByRef ? "ref "
            : string.Empty;
        var type = TypeNames.Of(parameter.ParameterType, Nullability.Create(parameter));
        return $"{prefix}{type} {parameter.Name}{Default(parameter)}";
    }

    static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue)
            return string.Empty;

        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return " = " + parameter.DefaultValue switch
        {
            null when type.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null => "default",
            null => "null",
            bool flag => flag ? "true" : "false",
            var value when type.IsEnum => Enum.GetName(type, value) ?? value.ToString(),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }
}
