using System.Linq.Expressions;
using System.Reflection;

namespace Temporalio.Worker.Invocation;

/// <summary>
/// Reads <c>x => x.Method(a, b)</c> into the method and its argument values. Arguments are nearly always constants, captured
/// variables and their members, which are read without compiling anything; the rest is interpreted.
/// </summary>
static class CallExpression
{
    public static (MethodInfo Method, object?[] Arguments) Read(LambdaExpression lambda)
    {
        var body = lambda.Body;
        while (body is UnaryExpression { NodeType: ExpressionType.Convert } convert)
            body = convert.Operand;
        if (body is not MethodCallExpression call)
        {
            throw new ArgumentException(
                $"The expression '{lambda}' is not a single method call; write it as (MyType x) => x.MyMethod(argument).", nameof(lambda));
        }

        if (call.Object is { } target && target is not ParameterExpression && lambda.Parameters.Count > 0)
        {
            throw new ArgumentException(
                $"The expression '{lambda}' calls '{call.Method.Name}' on something else than its own parameter.", nameof(lambda));
        }

        var arguments = new object?[call.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = Value(call.Arguments[i], lambda);
        return (call.Method, arguments);
    }

    static object? Value(Expression expression, LambdaExpression lambda)
    {
        switch (expression)
        {
            case ConstantExpression constant:
                return constant.Value;
            case MemberExpression { Member: FieldInfo field } member:
                return field.GetValue(member.Expression is { } owner ? Value(owner, lambda) : null);
            case MemberExpression { Member: PropertyInfo property } member:
                return property.GetValue(member.Expression is { } holder ? Value(holder, lambda) : null);
            case UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert when !convert.Type.IsValueType:
                return Value(convert.Operand, lambda);
            case NewExpression { Constructor: { } constructor } creation:
                return constructor.Invoke([.. creation.Arguments.Select(argument => Value(argument, lambda))]);
            case ParameterExpression:
                throw new ArgumentException(
                    $"An argument in the expression '{lambda}' uses the lambda's own parameter, which has no value here.", nameof(lambda));
            default:
                return Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object)))
                    .Compile(preferInterpretation: true)();
        }
    }
}
