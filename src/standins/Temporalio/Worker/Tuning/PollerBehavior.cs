namespace Temporalio.Worker.Tuning;

/// <summary>How many polls are open at a time.</summary>
public abstract class PollerBehavior
{
    private protected PollerBehavior()
    {
    }

    /// <summary>A fixed number of polls.</summary>
    public sealed class SimpleMaximum : PollerBehavior
    {
        /// <summary>This many polls.</summary>
        public SimpleMaximum(int maximum)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 1);
            Maximum = maximum;
        }

        /// <summary>How many.</summary>
        public int Maximum { get; }
    }
}
