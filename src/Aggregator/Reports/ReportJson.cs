using System.Text.Json.Serialization;
using Delivery.Aggregator.Reports.Jobs;
using Delivery.Aggregator.Reports.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace Delivery.Aggregator.Reports;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(JobRow))]
[JsonSerializable(typeof(LinkReport))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(SessionReport))]
[JsonSerializable(typeof(SummaryRow))]
[JsonSerializable(typeof(ZoneRow))]
internal sealed partial class ReportJson : JsonSerializerContext;
