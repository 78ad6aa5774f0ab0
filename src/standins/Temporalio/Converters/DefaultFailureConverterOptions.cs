namespace Temporalio.Converters;

/// <summary>Choices of a <see cref="DefaultFailureConverter"/>.</summary>
public class DefaultFailureConverterOptions : ICloneable
{
    /// <summary>
    /// True: message and stack trace go into a payload (which a codec can encrypt) and the failure itself says only
    /// "Encoded failure". Default false.
    /// </summary>
    public bool EncodeCommonAttributes { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
