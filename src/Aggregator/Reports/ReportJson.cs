using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Delivery.Aggregator.Reports;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(JobRow))]
[JsonSerializable(typeof(SummaryRow))]
[JsonSerializable(typeof(LinkReport))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ReportJson : JsonSerializerContext;
