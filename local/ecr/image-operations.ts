/** Operations of ECR on images and layers. */
import type { Operation } from "../aws/operation.ts";
import { batchCheckLayerAvailability } from "./batch-check-layer-availability.ts";
import { batchDeleteImage } from "./batch-delete-image.ts";
import { batchGetImage } from "./batch-get-image.ts";
import { completeLayerUpload } from "./complete-layer-upload.ts";
import { describeImageScanFindings } from "./describe-image-scan-findings.ts";
import { describeImages } from "./describe-images.ts";
import { getDownloadUrlForLayer } from "./get-download-url-for-layer.ts";
import { initiateLayerUpload } from "./initiate-layer-upload.ts";
import { listImageReferrers } from "./list-image-referrers.ts";
import { listImages } from "./list-images.ts";
import { putImage } from "./put-image.ts";
import { startImageScan } from "./start-image-scan.ts";
import { updateImageStorageClass } from "./update-image-storage-class.ts";
import { uploadLayerPart } from "./upload-layer-part.ts";

export const imageOperations: Operation[] = [
  batchCheckLayerAvailability,
  initiateLayerUpload,
  uploadLayerPart,
  completeLayerUpload,
  putImage,
  batchGetImage,
  batchDeleteImage,
  listImages,
  describeImages,
  listImageReferrers,
  getDownloadUrlForLayer,
  startImageScan,
  describeImageScanFindings,
  updateImageStorageClass,
];
