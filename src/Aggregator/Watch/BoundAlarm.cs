namespace Delivery.Aggregator.Watch;

/// <summary>
/// Where something stands towards its bound. Speaks once as each level is reached, and once when all is over; what swings about a
/// level does not speak each time. One owner.
/// </summary>
internal sealed class BoundAlarm(WatchOptions options)
{
    /// <summary>A level is left this many percent below where it begins.</summary>
    private const double Slack = 5;

    public AlarmLevel Level { get; private set; }

    /// <summary>True where the level is another now and worth a word: it rose, or it is <see cref="AlarmLevel.None"/> again.</summary>
    public bool Moves(double percent)
    {
        var before = Level;
        if (Of(percent) is var risen && risen > before)
            Level = risen;
        else if (Of(percent + Slack) is var fallen && fallen < before)
            Level = fallen;
        return Level > before || (Level == AlarmLevel.None && before != AlarmLevel.None);
    }

    private AlarmLevel Of(double percent) =>
        percent >= options.Critical ? AlarmLevel.Critical
        : percent >= options.Warning ? AlarmLevel.Warning
        : percent >= options.Notice ? AlarmLevel.Notice
        : AlarmLevel.None;
}
