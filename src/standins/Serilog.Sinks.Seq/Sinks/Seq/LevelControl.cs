using Serilog.Core;
using Serilog.Events;

namespace Serilog.Sinks.Seq;

/// <summary>
/// The level that the server has set for the API key. While it has set none, the switch keeps the value that the program gave it.
/// </summary>
sealed class LevelControl(LoggingLevelSwitch? switchToControl)
{
    LoggingLevelSwitch? _switch = switchToControl;
    LogEventLevel? _original;

    /// <summary>True when it matters to ask the server even without events to send.</summary>
    public bool IsActive => _switch is not null;

    public bool IsIncluded(LogEventLevel level) => _switch is not { } current || level >= current.MinimumLevel;

    public void Update(LogEventLevel? minimumAccepted)
    {
        if (minimumAccepted is not { } level)
        {
            if (_switch is { } current && _original is { } original)
                current.MinimumLevel = original;
            return;
        }

        _switch ??= new(LevelAlias.Minimum);
        _original ??= _switch.MinimumLevel;
        _switch.MinimumLevel = level;
    }
}
