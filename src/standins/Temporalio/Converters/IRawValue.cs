using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>A value that is passed on as it is, neither converted nor read. As a parameter type it takes any payload.</summary>
public interface IRawValue
{
    Payload Payload { get; }
}
