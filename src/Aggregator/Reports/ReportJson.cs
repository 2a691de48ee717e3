using System.Text.Json.Serialization;
using Delivery.Aggregator.Reports.Accounts;
using Delivery.Aggregator.Reports.Bounces;
using Delivery.Aggregator.Reports.Campaigns;
using Delivery.Aggregator.Reports.Comparisons;
using Delivery.Aggregator.Reports.Figures;
using Delivery.Aggregator.Reports.Groups;
using Delivery.Aggregator.Reports.Jobs;
using Delivery.Aggregator.Reports.People;
using Delivery.Aggregator.Reports.Responses;
using Delivery.Aggregator.Reports.Sessions;
using Delivery.Aggregator.Reports.Timelines;
using Microsoft.AspNetCore.Mvc;

namespace Delivery.Aggregator.Reports;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AccountReport))]
[JsonSerializable(typeof(BounceReport))]
[JsonSerializable(typeof(CampaignFigureRow))]
[JsonSerializable(typeof(CampaignList))]
[JsonSerializable(typeof(CampaignReport))]
[JsonSerializable(typeof(CampaignRow))]
[JsonSerializable(typeof(ComparisonReport))]
[JsonSerializable(typeof(DomainReport))]
[JsonSerializable(typeof(FigureRow))]
[JsonSerializable(typeof(GroupRow))]
[JsonSerializable(typeof(HoursReport))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(JobRow))]
[JsonSerializable(typeof(LinkClicks))]
[JsonSerializable(typeof(LinkReport))]
[JsonSerializable(typeof(LinkRow))]
[JsonSerializable(typeof(PeriodRow))]
[JsonSerializable(typeof(PersonEventRow))]
[JsonSerializable(typeof(PersonRow))]
[JsonSerializable(typeof(PersonTimeline))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(ProviderReport))]
[JsonSerializable(typeof(ResponseLine))]
[JsonSerializable(typeof(ResponseReport))]
[JsonSerializable(typeof(ResponseRow))]
[JsonSerializable(typeof(SessionReport))]
[JsonSerializable(typeof(TimelineReport))]
[JsonSerializable(typeof(VariantReport))]
[JsonSerializable(typeof(ZoneRow))]
internal sealed partial class ReportJson : JsonSerializerContext;
