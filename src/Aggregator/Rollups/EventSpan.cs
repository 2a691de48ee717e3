namespace Delivery.Aggregator.Rollups;

/// <summary>Numbers of a producer, both ends included, that are all those of events.</summary>
internal readonly record struct EventSpan(ulong Producer, ulong First, ulong Last)
{
    /// <summary>The numbers of a batch's rows as few spans, in the order of the rows.</summary>
    public static List<EventSpan> Of(RowBlock events)
    {
        var spans = new List<EventSpan>();
        for (var i = 0; i < events.Count; i++)
        {
            var id = new EventRowView(events[i]).Id;
            if (spans.Count > 0 && spans[^1] is var last && last.Producer == id.Producer && last.Last + 1 == id.Number)
                spans[^1] = last with { Last = id.Number };
            else
                spans.Add(new EventSpan(id.Producer, id.Number, id.Number));
        }

        return spans;
    }
}
