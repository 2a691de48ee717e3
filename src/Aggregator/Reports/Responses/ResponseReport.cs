namespace Delivery.Aggregator.Reports.Responses;

/// <summary>How quickly people respond to a job.</summary>
internal sealed record ResponseReport(string Job, DateTimeOffset? FreshAsOf, ResponseTimes Open, ResponseTimes Click)
{
    /// <summary>The steps of both, for forms that have rows alone.</summary>
    public IEnumerable<ResponseLine> Lines() =>
        Open.Within.Select(step => new ResponseLine("open", step.Seconds, step.People)).Concat(Click.Within.Select(step => new ResponseLine("click", step.Seconds, step.People)));
}

/// <param name="Response"><c>open</c> or <c>click</c>.</param>
internal sealed record ResponseLine(string Response, int Seconds, ulong People);
